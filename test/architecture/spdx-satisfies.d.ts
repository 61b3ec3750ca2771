declare module 'spdx-satisfies' {
  /** @throws Error where the expression is none of SPDX's */
  export default function satisfies(expression: string, allowed: readonly string[]): boolean;
}
