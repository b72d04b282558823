/** What this browser lacks that no model can do without: said before anything is downloaded. */
import { problem, type Problem } from '../problems/problems';

/** Problems under which downloading a model is of no use. */
const OBSTACLES: ReadonlySet<Problem['code']> = new Set([
	'no-webassembly',
	'no-workers',
	'not-secure',
	'storage-refused'
]);

/** The parts of the browser that are looked for. */
type Scope = Partial<Pick<typeof globalThis, 'WebAssembly' | 'Worker' | 'isSecureContext'>>;

/**
 * The first of them that is missing, or null. Whether the browser lets the page keep anything is
 * known when it is asked to (`storage/database.ts`).
 */
export function obstacleHere(scope: Scope = globalThis): Problem | null {
	if (scope.isSecureContext === false) return problem('not-secure');
	if (typeof scope.Worker !== 'function') return problem('no-workers');
	// Lockdown Mode of Apple's devices takes it away.
	if (typeof scope.WebAssembly?.instantiate !== 'function') return problem('no-webassembly');
	return null;
}

/** Whether a problem is such an obstacle. */
export function isObstacle({ code }: Problem): boolean {
	return OBSTACLES.has(code);
}
