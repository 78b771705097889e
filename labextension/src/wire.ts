/**
 * What the server says, word for word: the shapes of `pixi-jupyter/openapi.json`.
 *
 * Every route takes `path`, the contents path of the notebook, file or folder whose
 * workspace is meant; the empty path is the server's root.
 */

export type EnvironmentState =
  'none' | 'installed' | 'outdated' | 'broken' | 'installing';

/** An error of ours, as every face gets it. */
export interface IError {
  /** Stable name, such as `manifest-parse`. */
  code: string;
  /** One sentence: what, and where. */
  message: string;
  /** What stands below it: evidence, the offending line. */
  details: string[];
  /** What can be done, each to be read; commands are written for a cell. */
  hints: string[];
  /** Where in a file, if it is about one. */
  file?: string | null;
  line?: number | null;
  column?: number | null;
}

export interface IWorkspaceChoice {
  /** Contents path of its manifest. */
  path: string;
  name: string;
}

/** GET workspace */
export interface IWorkspace {
  found: boolean;
  name: string;
  /** Contents path of the manifest; null where it is outside the server's root. */
  path: string | null;
  /** The manifest for a person to read, with `~`. */
  shown: string;
  /** Contents path of the folder that was asked about. */
  folder: string;
  platforms: string[];
  channels: string[];
  features: string[];
  warnings: string[];
  /** Why the manifest cannot be read. */
  error: IError | null;
  /** Other workspaces below the server's root, this one among them. */
  choices: IWorkspaceChoice[];
  /** Files of the folder that a workspace can be made from. */
  sources: { path: string; kind: string }[];
  /** Name and version. */
  program: string;
  /** What the user may do here. */
  may: { read: boolean; write: boolean; execute: boolean };
}

/** GET environments */
export interface IEnvironment {
  name: string;
  features: string[];
  platforms: string[];
  solve_group: string | null;
  state: EnvironmentState;
  /** Why it is not right, in words; empty where it is. */
  reason: string;
  /** Whether this machine can run it. */
  runs_here: boolean;
  /** Bytes on disk; null where unknown. */
  size: number | null;
  packages: number | null;
  /** Name of its kernelspec. */
  kernel: string;
  display_name: string;
  /** The operation at work on it. */
  operation: string | null;
}

/** GET environments/NAME/packages */
export interface IPackage {
  name: string;
  version: string;
  build: string | null;
  kind: 'conda' | 'pypi';
  /** Channel name, or `PyPI`. */
  source: string;
  size: number | null;
  is_explicit: boolean;
  /** What was asked for, such as `>=2.3`; null where nothing was. */
  requested: string | null;
  /** Where that stands, such as `[dependencies], pixi.toml:14`. */
  where: string | null;
  /** Line in the manifest, from 1. */
  line: number | null;
  needed_by: string[];
  needs: string[];
}

export interface IPackages {
  environment: string;
  platform: string;
  packages: IPackage[];
}

/** GET search: conda packages, best first */
export interface IFound {
  name: string;
  version: string;
  channel: string;
  summary: string;
  /** Newest first. */
  versions: string[];
  kind: 'conda' | 'pypi';
}

/** GET tasks */
export interface IArgument {
  name: string;
  default: string | null;
  choices: string[] | null;
}

export interface ITask {
  name: string;
  environment: string | null;
  environments: string[];
  description: string | null;
  command: string | null;
  arguments: IArgument[];
  before: string[];
  hidden: boolean;
  runs_here: boolean;
}

/** GET lock */
export interface IReason {
  text: string;
  environments: string[];
  platforms: string[];
  line: number | null;
}

export interface ILock {
  state: 'fresh' | 'stale' | 'missing' | 'broken';
  reasons: IReason[];
  error: IError | null;
}

/** GET operations, operations/ID, POST operations; event operation/v1 */
export type OperationState =
  'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';

export interface IOperation {
  id: string;
  /** As the registry names it: add, remove, install, run, … */
  verb: string;
  /** Verb and what it works on, for a person. */
  what: string;
  /** Contents path of the workspace's manifest, or its absolute path outside the root. */
  workspace: string;
  environment: string | null;
  state: OperationState;
  phase: string;
  label: string;
  done: number | null;
  total: number | null;
  unit: string;
  /** Seconds so far, or in all. */
  seconds: number | null;
  started: string;
  error: IError | null;
  /** Whether this server runs it, so that it can be cancelled here. */
  can_cancel: boolean;
}

export interface IOperationDetail extends IOperation {
  /** What the verb gave; null until it succeeded. */
  result: unknown;
  /** The newest lines, oldest first. */
  log: ILogLine[];
  /** State of each task of a `run`. */
  tasks: ITaskState[];
}

export interface ILogLine {
  /** Counts from 0 and never repeats within an operation. */
  number: number;
  level: 'output' | 'info' | 'notice' | 'warning' | 'progress';
  text: string;
  node: number | null;
}

export interface ITaskState {
  node: number;
  task: string;
  environment: string;
  arguments: Record<string, string>;
  command: string | null;
  needs: number[];
  state:
    | 'waiting'
    | 'running'
    | 'succeeded'
    | 'failed'
    | 'cached'
    | 'skipped'
    | 'cancelled';
  exit_code: number | null;
  seconds: number | null;
}

/** POST operations */
export interface IStart {
  path: string;
  verb: string;
  request: Record<string, unknown>;
}

/** One package of one environment on one platform that is not as it was. */
export interface IChange {
  kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'changed';
  type: 'conda' | 'pypi';
  name: string;
  environment: string;
  platform: string;
  before: string | null;
  after: string | null;
  location: string | null;
  /** Bytes to download; null where unknown. */
  size: number | null;
  is_explicit: boolean;
}

/** What `add` and `remove` give: what they did, or with `dry_run` what they would. */
export interface IChanged {
  dry_run: boolean;
  changes: IChange[];
  added?: { name: string; spec: string }[];
  removed?: string[];
  seconds: number;
}

/** A place that something of a notebook's environment would be fetched from. */
export interface IOrigin {
  where: string;
  name: string | null;
  /** Whether settings name it, or it is what everybody has. */
  known: boolean;
  /** As `name version`. */
  packages: string[];
}

/** What the environment that a notebook brings would use. */
export interface IFacts {
  /** Of the content; an agreement holds for it and no other. */
  digest: string;
  environment: string;
  channels: IOrigin[];
  indexes: IOrigin[];
  /** Packages by an address of their own. */
  direct: IOrigin[];
  others: IOrigin[];
  locked: boolean;
  platform: string | null;
  conda: number;
  pypi: number;
  size_bytes: number;
  /** How many packages have no known size. */
  unsized: number;
  /** Packages whose lock has no hash. */
  unhashed: string[];
  /** Packages that would be built here. */
  builds: string[];
  variables: { name: string; flagged: boolean }[];
  /** Scripts that run at each start; null where that is known after download. */
  scripts: string[] | null;
  link_scripts: boolean;
  tasks: string[];
  /** What nobody can agree to. */
  refusals: { code: string; text: string }[];
  /** What the administrator of the computer does not allow. */
  forbidden: string[];
  /** Whether anything deserves a second look. */
  flagged: boolean;
}

/** A line of the list that a person agrees to. */
export interface ITrustEntry {
  label: string;
  lines: string[];
  note: string;
  flagged: boolean;
}

/** GET notebook/facts, POST notebook/trust */
export interface ISharedNotebook {
  /** Contents path. */
  notebook: string;
  /** `nothing`: it brings no environment. */
  state: 'trusted' | 'made_here' | 'not_trusted' | 'nothing';
  trusted: boolean;
  /** Whether it was agreed to just now. */
  new: boolean;
  list: ITrustEntry[];
  facts: IFacts | null;
}

/** Events, by schema id. */
export const OPERATION_EVENT = 'urn:pixi-jupyter:operation:v1';
export const OUTPUT_EVENT = 'urn:pixi-jupyter:output:v1';
export const CHANGE_EVENT = 'urn:pixi-jupyter:change:v1';
export const KERNEL_EVENT = 'urn:pixi-jupyter:kernel-progress:v1';

export interface IOutputEvent {
  operation: string;
  lines: ILogLine[];
}

export interface IChangeEvent {
  /** As in `IOperation`. */
  workspace: string;
  what: 'manifest' | 'lock' | 'prefix' | 'operations';
  environment: string | null;
}

export interface IKernelEvent {
  kernel_id: string;
  manifest: string;
  environment: string;
  /** Progress, as pixi_jupyter.events.Event; the last one has no phase, and says how it ended. */
  event: {
    operation: string;
    phase: string;
    label: string;
    done: number | null;
    total: number | null;
    unit: string;
    state: 'running' | 'finished' | 'failed' | 'cancelled';
    level: string;
  };
  /** Why it failed. */
  error?: IError | null;
}

/** GET notebook/provenance */
export interface IMadeNotebook {
  /** Contents path. */
  notebook: string;
  /** Null where the notebook has no locked environment. */
  provenance: IProvenance | null;
}

/** Which outputs of a notebook came from another environment than it has now. */
export interface IProvenance {
  /** The mark of the environment that it has now. */
  environment: string;
  name: string;
  platform: string;
  /** Cells with outputs; of them, those that do not say where they ran. */
  outputs: number;
  unknown: number;
  /** Outputs of other environments. */
  elsewhere: number;
  others: {
    environment: string;
    name: string;
    platform: string;
    /** Places in the list of cells, from 0. */
    cells: number[];
    /** Null where nobody knows what was in it. */
    differences:
      { name: string; theirs: string | null; here: string | null }[] | null;
  }[];
  /** What a person is told; none where all is as it should be. */
  sentences: string[];
}
