import type { MetricQuestion } from "../../account/service.ts";
import { sampleSpread } from "../../load/known-capacity.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perMinute, type MetricSeries, type TickSamples } from "../../load/metric-series.ts";
import type { TickRows } from "../../load/tick-rows.ts";
import { tickMs } from "../../load/tick.ts";
import { groups, type GroupSettings } from "./group.ts";
import { groupField, groupLoad, sampleDeviation } from "./load.ts";

/** Detailed monitoring: one sample a minute. */
const samplePeriodSeconds = 60;

/** AWS/EC2, CWAgent and AWS/AutoScaling by AutoScalingGroupName: published as long as instances run, whatever the traffic. */
export function groupSeries(model: LoadModel, { region, namespace, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const name = dimensions.get("AutoScalingGroupName");
  if (name === undefined || dimensions.size !== 1) return null;
  const rows = groupLoad(model, region, name);
  const group = model.state.of(groups).get(region, name);
  if (rows === null || group === undefined) return null;
  const settings = (tick: number): GroupSettings | undefined => group.settings.at(tick * tickMs + tickMs / 2);
  const told = (value: (tick: number) => number | undefined): MetricSeries =>
    series("None", Infinity, (tick, samples) => perMinute(samples, 1, value(tick) ?? Number.NaN, 0));
  switch (`${namespace}/${metric}`) {
    case "AWS/EC2/CPUUtilization":
      return percent(rows, groupField.cpu, groupField.cpuSquare);
    case "CWAgent/mem_used_percent":
      return percent(rows, groupField.memory, groupField.memorySquare);
    case "AWS/EC2/NetworkIn":
      return bytes(rows, groupField.bytesIn);
    case "AWS/EC2/NetworkOut":
      return bytes(rows, groupField.bytesOut);
    case "AWS/AutoScaling/GroupInServiceInstances":
      return told((tick) => rows.at(tick, groupField.instances));
    case "AWS/AutoScaling/GroupTotalInstances":
      return told((tick) => group.instances.at(tick * tickMs + tickMs / 2)?.length);
    case "AWS/AutoScaling/GroupDesiredCapacity":
      return told((tick) => settings(tick)?.desiredCapacity);
    case "AWS/AutoScaling/GroupMinSize":
      return told((tick) => settings(tick)?.minSize);
    case "AWS/AutoScaling/GroupMaxSize":
      return told((tick) => settings(tick)?.maxSize);
    default:
      return null;
  }
}

function percent(rows: TickRows, mean: number, square: number): MetricSeries {
  return series("Percent", 100, (tick, samples) => {
    const share = rows.at(tick, mean);
    perMinute(samples, rows.at(tick, groupField.instances), share * 100, sampleDeviation(share, rows.at(tick, square)) * 100);
  });
}

function bytes(rows: TickRows, field: number): MetricSeries {
  return series("Bytes", Infinity, (tick, samples) => {
    const mean = rows.at(tick, field) * samplePeriodSeconds;
    perMinute(samples, rows.at(tick, groupField.instances), mean, mean * sampleSpread);
  });
}

function series(unit: MetricSeries["unit"], ceiling: number, fill: (tick: number, samples: TickSamples) => void): MetricSeries {
  return { unit, shape: "normal", percentiles: true, ceiling, fill };
}
