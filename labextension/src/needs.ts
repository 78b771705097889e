import { normalised } from './changes';
import { IPackage } from './wire';

/** Which packages of an environment need which; names are found however written. */
export class Needs {
  constructor(packages: readonly IPackage[]) {
    this._packages = new Map(
      packages.map(each => [normalised(each.name), each])
    );
  }

  get(name: string): IPackage | undefined {
    return this._packages.get(normalised(name));
  }

  /** Packages next to one, in one direction; what is not there is left out. */
  next(name: string, direction: 'needs' | 'needed_by'): IPackage[] {
    return (this.get(name)?.[direction] ?? [])
      .map(each => this.get(each))
      .filter((each): each is IPackage => !!each);
  }

  /** What was asked for and leads to a package, itself left out, A to Z. */
  reasons(name: string): string[] {
    return [...this._reached([name], 'needed_by')]
      .map(each => this._packages.get(each)!)
      .filter(
        each => each.is_explicit && normalised(each.name) !== normalised(name)
      )
      .map(each => each.name)
      .sort((one, other) => one.localeCompare(other));
  }

  /** What else nothing would need any more if some were not asked for. */
  goneWithout(names: readonly string[]): string[] {
    const without = new Set(names.map(normalised));
    const asked = [...this._packages.values()]
      .filter(each => each.is_explicit && !without.has(normalised(each.name)))
      .map(each => each.name);
    const kept = this._reached(asked, 'needs');
    return [...this._reached(names, 'needs')]
      .filter(each => !kept.has(each) && !without.has(each))
      .map(each => this._packages.get(each)!.name)
      .sort((one, other) => one.localeCompare(other));
  }

  private _reached(
    names: readonly string[],
    direction: 'needs' | 'needed_by'
  ): Set<string> {
    const found = new Set<string>();
    const pending = names.map(normalised);
    while (pending.length) {
      const name = pending.pop()!;
      const here = this._packages.get(name);
      if (here && !found.has(name)) {
        found.add(name);
        pending.push(...here[direction].map(normalised));
      }
    }
    return found;
  }

  private readonly _packages: Map<string, IPackage>;
}
