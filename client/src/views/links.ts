import type { PageLink } from './link.js'

/** What a page can open. The page knows only the numbers. */
export class Links {
  readonly places: PageLink[] = []

  /** Adds a place, a request or a page. Returns its number as `{ link: 3 }`, or `{}` without one. */
  add(link: PageLink | null): { readonly link?: number } {
    return link === null ? {} : { link: this.places.push(link) - 1 }
  }
}
