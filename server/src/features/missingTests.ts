import type { AccessRequest, AccessTest, Range, Verdict } from '@istio-ambient-policy/shared'
import { isTested } from '@istio-ambient-policy/shared'

/** A test that is not in a test file, and that would notice parts of the policies. */
export interface FoundTest {
  /** `shop/web can reach service shop/api:80 with GET /`. */
  readonly name: string
  readonly request: AccessRequest
  /** The present verdict. */
  readonly expect: Verdict
  readonly parts: readonly {
    /** `AuthorizationPolicy shop/readers spec.rules[0]`. */
    readonly part: string
    readonly place: { readonly file: string; readonly range: Range } | undefined
  }[]
}

/** The missing tests of test files, as the last search has found them. */
export class MissingTests {
  readonly #byFile = new Map<string, readonly FoundTest[]>()

  set(testFile: string, found: readonly FoundTest[]): void {
    this.#byFile.set(testFile, found)
  }

  of(testFile: string): readonly FoundTest[] {
    return this.#byFile.get(testFile) ?? []
  }

  /** Those that notice a part in a manifest, with their test files. */
  noticing(
    file: string,
  ): { readonly testFile: string; readonly test: FoundTest; readonly ranges: readonly Range[] }[] {
    return [...this.#byFile].flatMap(([testFile, found]) =>
      found.flatMap((test) => {
        const ranges = test.parts.flatMap(({ place }) =>
          place?.file === file ? [place.range] : [],
        )
        return ranges.length > 0 ? [{ testFile, test, ranges }] : []
      }),
    )
  }

  /** Forgets the tests that a test file has now. */
  remove(testFile: string, tests: readonly AccessTest[]): void {
    const found = this.#byFile.get(testFile)
    if (found)
      this.#byFile.set(
        testFile,
        found.filter(({ request }) => !isTested(tests, request)),
      )
  }

  /** Forgets all, after a change of a manifest. Returns the test files that had some. */
  clear(): string[] {
    const files = [...this.#byFile.keys()]
    this.#byFile.clear()
    return files
  }
}
