/** Settings that hold a secret, and may therefore lie in a file: `NAME_FILE` gives its path instead of `NAME` the value. */
const SECRET_SETTINGS = ['FACEHASH_REDIS_URL', 'FACEHASH_STORAGE_URL', 'FACEHASH_ADMIN_TOKEN'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with every `NAME_FILE` of a secret replaced by `NAME` and what the file says. Containers get their
 * secrets so: an environment is shown by `docker inspect` and inherited by every child, a file is read by its owner only.
 * `readFile` returns the text of a path.
 * @throws Error with a line per setting that is wrong; none repeats a secret
 */
export function withSecretFiles(environment: Environment, readFile: (path: string) => string): Environment {
  const resolved: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of SECRET_SETTINGS) {
    const fileSetting = `${name}_FILE`;
    const path = environment[fileSetting];
    if (path === undefined) continue;
    // Whoever starts other processes with this environment must not hand on both.
    resolved[fileSetting] = undefined;
    if (environment[name] !== undefined) {
      problems.push(`${fileSetting}: ${name} is set as well; set one of the two`);
      continue;
    }
    try {
      // Editors and `echo` end a file with a line end that is no part of the secret.
      const value = readFile(path).trim();
      if (value === '') problems.push(`${fileSetting}: ${path} is empty`);
      else resolved[name] = value;
    } catch (error) {
      problems.push(`${fileSetting}: ${path} cannot be read (${codeOf(error)})`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return resolved;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
