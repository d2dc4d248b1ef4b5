// Preloaded by a test: counts the operations on files from the first one that writes, and kills the process at one of
// them, as `kill -9` does. A killed write has written a half.
import fs from 'node:fs'

let left = Number(process.env.KILL_AT)
let started = false

for (const name of Object.keys(fs).filter((key) =>
  /^(?:open|write|writeFile|ftruncate|truncate|fchmod|chmod|fchown|fsync|fdatasync|close|rename|unlink|copyFile)Sync$/.test(
    key,
  ),
)) {
  const original = fs[name]
  fs[name] = (...args) => {
    if (name === 'openSync' && /[wa+]/.test(String(args[1] ?? 'r'))) started = true
    if (name === 'writeFileSync' && typeof args[0] === 'string') started = true
    if (started && --left === 0) {
      if (name === 'writeSync') {
        const [descriptor, bytes] = args
        original(descriptor, bytes.subarray(0, bytes.length / 2))
      }
      process.kill(process.pid, 'SIGKILL')
    }
    return original(...args)
  }
}
