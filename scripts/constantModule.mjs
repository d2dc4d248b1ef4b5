// A module whose exported function is called once, when the program is bundled. The bundle has only its result.
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { compileFunction } from 'node:vm'
import { build } from 'esbuild'

/**
 * The plugin of esbuild for such a module.
 *
 * @param {string} file absolute
 * @param {string} name of the function; it has no parameters, and its result is JSON
 */
export function constantModule(file, name) {
  return {
    name: `constant ${name}`,
    setup({ initialOptions: { plugins, define, alias }, onLoad }) {
      onLoad({ filter: new RegExp(`[\\\\/]${name}\\.ts$`) }, async ({ path }) => {
        if (resolve(path) !== resolve(file)) return undefined
        const result = await resultOf(path, name, {
          define,
          alias,
          plugins: plugins.filter((plugin) => plugin.name === 'commander'),
        })
        return { contents: `export const ${name} = () => (${JSON.stringify(result)})` }
      })
    },
  }
}

/** Calls the function. The modules that it does not load are not bundled. */
async function resultOf(file, name, options) {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    plugins: [...options.plugins, { name: 'not loaded', setup: leaveOutImports }],
  })
  const module = { exports: {} }
  const run = compileFunction(outputFiles[0].text, ['module', 'exports', 'require'])
  run(module, module.exports, createRequire(file))
  return module.exports[name]()
}

function leaveOutImports({ onResolve }) {
  onResolve({ filter: /^\./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : {}))
}
