/**
 * The folder with a bundle, as `esbuild.mjs` makes it. The bundle is built at the first call.
 *
 * @param name the name of the bundle in `esbuild.mjs`.
 */
export function testBundle(
  name: 'action' | 'cli' | 'server' | 'server-browser' | 'extension-browser' | 'webview',
): string
