import type { PriceBook } from "../../optimizer/core/model/rule.ts";

export const fargatePrices: PriceBook["fargate"] = (_, architecture) =>
  architecture === "arm64"
    ? { vcpuHour: 0.032_38, gbHour: 0.003_56, ephemeralStorageGbHour: 0.000_111 }
    : { vcpuHour: 0.040_48, gbHour: 0.004_445, ephemeralStorageGbHour: 0.000_111 };
