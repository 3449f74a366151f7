// SPDX-License-Identifier: MIT
/** Figures in two or three digits, as charts and tables show them. Neighbours: charts.ts, ../publish/tables.ts. */

/** 13.7 M, 650 k, 8.2 k, 35. */
export function count(value: number): string {
  const [factor, unit] = value >= 0.9995e6 ? [1e6, " M"] : value >= 999.5 ? [1e3, " k"] : [1, ""];
  return `${digits(value / factor)}${unit}`;
}

/** 36 µs, 4.1 ms. */
export function microseconds(value: number): string {
  return value >= 999.5 ? `${digits(value / 1000)} ms` : `${digits(value)} µs`;
}

/** 640 B, 3.4 KiB, 12 MiB. */
export function octets(value: number): string {
  const size = Math.abs(value);
  const [factor, unit] = size >= 1024 * 1023.5 ? [1024 * 1024, "MiB"] : size >= 1023.5 ? [1024, "KiB"] : [1, "B"];
  return `${value < 0 ? "−" : ""}${factor === 1 ? size.toFixed(0) : digits(size / factor)} ${unit}`;
}

/** 1.6, 0.84, 28. */
export function times(value: number): string {
  return value < 0.995 ? value.toFixed(2) : digits(value);
}

/** 137, 28, 13.7, 1.4, 0.14, 0. */
function digits(value: number): string {
  if (value === 0) return "0";
  return value.toFixed(value >= 19.95 ? 0 : value >= 0.995 ? 1 : 2);
}
