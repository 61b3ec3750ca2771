declare module 'grant/lib/grant.js' {
  type Input = {
    method: 'GET';
    params: { provider: string };
    state: { dynamic: Record<string, unknown> };
  };
  type Output = {
    location?: string;
    session: { state?: string; code_verifier?: string };
  };
  /** grant's core: a pure pipeline without a web framework, its session passed in and out as a value. */
  export default function grant(options: {
    config: Record<string, unknown>;
  }): (input: Input) => Promise<Output>;
}
