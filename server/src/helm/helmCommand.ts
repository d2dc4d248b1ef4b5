import { execFile } from 'node:child_process'

/** What `helm` printed, or why it did not. */
export type HelmResult =
  | { readonly status: 'ok'; readonly output: string }
  /** `message` is what it wrote to standard error. */
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'missing' }
  | { readonly status: 'timeout' }

/** Runs `helm`. @param home an empty folder, for all that Helm would keep in the home folder of the user. */
export type HelmCommand = (args: readonly string[], home: string) => Promise<HelmResult>

const MAX_OUTPUT = 100_000_000
const TIMEOUT_MILLISECONDS = 60_000
/** Variables that a program needs to start. */
const KEPT = ['PATH', 'PATHEXT', 'SYSTEMROOT', 'SystemRoot', 'LANG', 'LC_ALL']

/**
 * Runs a program `helm` of this machine, without a shell and without standard input. It gets no setting of the user:
 * no plugin, no repository and no cluster.
 */
export function helmCommand(program: string, timeout = TIMEOUT_MILLISECONDS): HelmCommand {
  return (args, home) =>
    new Promise((resolve) => {
      const env = {
        ...Object.fromEntries(KEPT.map((name) => [name, process.env[name]])),
        HOME: home,
        USERPROFILE: home,
        TMPDIR: home,
        TEMP: home,
        TMP: home,
        HELM_CACHE_HOME: `${home}/cache`,
        HELM_CONFIG_HOME: `${home}/config`,
        HELM_DATA_HOME: `${home}/data`,
        KUBECONFIG: `${home}/kubeconfig`,
      }
      const options = {
        env,
        cwd: home,
        timeout,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT,
      } as const
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        if (!error) resolve({ status: 'ok', output: stdout })
        else if (error.code === 'ENOENT') resolve({ status: 'missing' })
        else if (error.killed === true && error.signal === 'SIGKILL') resolve({ status: 'timeout' })
        else resolve({ status: 'failed', message: stderr.trim() || error.message })
      })
      child.stdin?.end()
    })
}
