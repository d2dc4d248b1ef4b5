/** What a settings file can have at one place. */
export interface SettingFacts {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array'
  /** In Markdown; can be empty. */
  readonly description: string
  /** As text. */
  readonly default?: string
  /** The values that it accepts, each with its effect. */
  readonly values?: Readonly<Record<string, string>>
  /** The items of a list. */
  readonly items?: SettingFacts
  /** The keys of a mapping. */
  readonly properties?: Readonly<Record<string, SettingFacts>>
}
