"""How long the transitions take that AWS takes its time for. In seconds of the server's clock; 0 is at once, as stock moto."""

from dataclasses import asdict, dataclass, fields


@dataclass
class Durations:
    instance_refresh: float = 0
    instance_class_change: float = 0
    failover: float = 0
    index_change: float = 0
    table_change: float = 0
    function_update: float = 0
    service_deployment: float = 0
    instance_creation: float = 0
    instance_deletion: float = 0
    cache_change: float = 0
    refresh_cancellation: float = 0
    serverless_capacity: float = 0

    def change(self, values: dict[str, float]) -> None:
        known = {field.name for field in fields(self)}
        for name, seconds in values.items():
            if name not in known:
                raise ValueError(f"no duration is named {name}; known are {', '.join(sorted(known))}")
            if seconds < 0:
                raise ValueError(f"{name} cannot take {seconds} seconds")
            setattr(self, name, float(seconds))

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


durations = Durations()
