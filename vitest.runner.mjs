import { pathToFileURL } from 'node:url'
import { inject, TestRunner } from 'vitest'

/** Imports test files from their bundle, if there is one that has them. */
export default class BundleRunner extends TestRunner {
  async importFile(path, source) {
    const bundle = inject('testBundle')
    const { tests } = bundle ? await import(pathToFileURL(bundle).href) : { tests: {} }
    return source === 'collect' && tests[path] ? tests[path]() : super.importFile(path, source)
  }
}
