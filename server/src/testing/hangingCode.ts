/** Written to standard error when the evaluation hangs. */
export const HANGS = 'the evaluation hangs'

/**
 * Code to run before a program: the evaluation of the service account `HANGING_ACCOUNT` never ends. It waits and uses
 * no processor.
 */
export const HANGING_CODE = `
const { writeSync } = require('node:fs')
const never = new Int32Array(new SharedArrayBuffer(4))
for (const name of ['startsWith', 'endsWith', 'includes', 'indexOf', 'split']) {
  const original = String.prototype[name]
  String.prototype[name] = function (...args) {
    if (String(this) === 'shop/makes-the-program-hang') {
      if (process.argv.includes('--stdio')) writeSync(2, '${HANGS}')
      for (;;) Atomics.wait(never, 0, 0, 50)
    }
    return original.apply(this, args)
  }
}
`

export const HANGING_ACCOUNT = 'shop/makes-the-program-hang'

/** A policy that allows an account. It has a finding without other files. */
export function policyFor(name: string, account: string): string {
  return `apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: shop}
spec: {rules: [{from: [{source: {serviceAccounts: [${account}]}}]}]}
`
}
