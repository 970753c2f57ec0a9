export function pythonEnvironment(name: string, requirements: string): Promise<{ readonly python: string } | { readonly missing: string }>;
