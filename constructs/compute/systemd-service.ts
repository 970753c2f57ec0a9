/** A service as systemd's unit file has it. */
export interface SystemdService {
  /** Without `.service`. */
  readonly name: string;
  readonly description: string;
  /** Lines of the section `[Service]`. */
  readonly lines: readonly string[];
}

/** Nothing in it may be taken for the end of the text. */
const endOfFile = "END_OF_UNIT";

/**
 * Shell lines that write the unit files and start the services. They are files, not `systemd-run`, so that each service starts again
 * after a reboot. The shell does not wait for a start: what fails at first is tried again by systemd, long after the script has ended.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
 */
export function installServices(services: readonly SystemdService[]): readonly string[] {
  return [
    ...services.flatMap((service) => [`cat > /etc/systemd/system/${service.name}.service <<'${endOfFile}'`, ...unitFile(service), endOfFile]),
    "systemctl daemon-reload",
    `systemctl enable --now --no-block ${services.map(({ name }) => `${name}.service`).join(" ")}`,
  ];
}

function unitFile({ description, lines }: SystemdService): readonly string[] {
  return [
    "[Unit]",
    `Description=${description}`,
    "Wants=network-online.target",
    "After=network-online.target",
    // Without a limit of starts: the network may take longer than any number of attempts.
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    ...lines,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
}
