import type { Express } from 'express';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** What the app answers, as `get /v1/jobs/{id}`; without HEAD, and without `all`, which refuses. */
export function routesOf(app: Express): string[] {
  return routesIn((app.router as unknown as { stack: readonly Layer[] }).stack);
}

function routesIn(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (route === undefined) return routesIn(handle.stack ?? []);
    const methods = Object.keys(route.methods).filter((method) => !['_all', 'head'].includes(method));
    return methods.map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}
