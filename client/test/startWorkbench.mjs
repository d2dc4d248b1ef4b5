// Starts a real VS Code workbench on 127.0.0.1 with temporary folders.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { commandOf, processesBelow } from './processes.mjs'
import { until } from './until.mjs'

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'git.enabled': false,
  'workbench.enableExperiments': false,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'editor.hover.sticky': true,
  'files.autoSave': 'off',
  'workbench.colorTheme': 'Dark Modern',
}

/** Starts the workbench with an installed extension. */
export async function startWorkbench({ programs, root, vsix }) {
  const data = join(root, 'user-data')
  const extensions = join(root, 'extensions')
  mkdirSync(join(data, 'User'), { recursive: true })
  mkdirSync(extensions, { recursive: true })
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify(SETTINGS))
  writeFileSync(join(root, 'code-server.yaml'), 'auth: none\n')
  const env = {
    ...process.env,
    HOME: root,
    XDG_CONFIG_HOME: join(root, 'xdg'),
    XDG_DATA_HOME: join(root, 'xdg'),
    EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/"}',
  }
  const base = [
    programs.codeServer,
    '--config',
    join(root, 'code-server.yaml'),
    '--user-data-dir',
    data,
    '--extensions-dir',
    extensions,
  ]
  execFileSync(programs.node, [...base, '--install-extension', vsix, '--force'], {
    env,
    stdio: 'pipe',
  })
  const port = await freePort()
  const log = openSync(join(root, 'server.log'), 'a')
  const quiet = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--disable-file-downloads',
    '--disable-file-uploads',
  ]
  const child = spawn(
    programs.node,
    [...base, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...quiet],
    { env, stdio: ['ignore', log, log] },
  )
  const exited = new Promise((resolve) => child.once('exit', resolve))
  await untilHealthy(`http://127.0.0.1:${port}/healthz`, child)
  return {
    /** The address of the workbench on a folder, with a file open. */
    url: (folder, file) => address(port, { folder, file: join(folder, file) }),
    /** The address of the workbench on a workspace file, with a file open. */
    urlOfWorkspace: (workspace, file) => address(port, { workspace, file }),
    /** The process ids of the running language servers. */
    languageServers: () =>
      processesBelow(child.pid).filter((pid) => commandOf(pid).includes('server/dist/server.cjs')),
    /** Sets user settings in addition to the settings of all tours. */
    set: (settings) => {
      writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }))
    },
    /** Ends the workbench. */
    stop: async () => {
      child.kill('SIGTERM')
      if ((await Promise.race([exited.then(() => 'ended'), sleep(5000, 'late')])) === 'late')
        child.kill('SIGKILL')
      await exited
    },
  }
}

function address(port, { file, ...opened }) {
  const url = new URL(`http://127.0.0.1:${port}/`)
  for (const [name, path] of Object.entries(opened)) url.searchParams.set(name, path)
  url.searchParams.set(
    'payload',
    JSON.stringify([
      ['openFile', `vscode-remote://127.0.0.1:${port}${pathToFileURL(file).pathname}`],
    ]),
  )
  return url.href
}

async function untilHealthy(url, child) {
  await until(`${url} does not answer`, async () => {
    if (child.exitCode !== null)
      throw new Error(`The workbench ended with status ${child.exitCode}.`)
    try {
      return (await fetch(url)).ok
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      return false
    }
  })
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
