/** What this browser lacks, said before anything is downloaded. */
import { problem, type Problem } from '../problems/problems';

/** Problems under which downloading a model is of no use. */
const OBSTACLES: ReadonlySet<Problem['code']> = new Set([
	'no-webassembly',
	'no-workers',
	'not-secure',
	'storage-refused'
]);

/** The parts of the browser that are looked for. */
type Scope = Partial<
	Pick<typeof globalThis, 'WebAssembly' | 'Worker' | 'isSecureContext' | 'ArrayBuffer' | 'CSS'>
> & { navigator?: object };

/** GB as the browser rounds them. With more there is room for a lane beside the page. */
const LITTLE_MEMORY = 1;

/** A module of one function that makes a vector of 128 bits. */
// prettier-ignore
const SIMD = Uint8Array.of(
	0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 17, 26, 11
);

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

/** What makes reading slow or uncertain here, though nothing keeps it from trying. */
export function remarksHere(scope: Scope = globalThis): Problem[] {
	const remarks: Problem[] = [];
	if (isOld(scope)) remarks.push(problem('browser-old'));
	if (scope.WebAssembly?.validate?.(SIMD) === false) remarks.push(problem('no-simd'));
	const { deviceMemory } = (scope.navigator ?? {}) as { deviceMemory?: number };
	if (deviceMemory !== undefined && deviceMemory <= LITTLE_MEMORY) {
		remarks.push(problem('little-memory'));
	}
	return remarks;
}

/**
 * Whether the browser is older than `OLDEST`: `light-dark()` came with those of Chrome, Edge and
 * Safari, buffers that are resized with that of Firefox. What a browser calls itself is no measure.
 */
function isOld({ CSS, ArrayBuffer }: Scope): boolean {
	const hasColours = CSS?.supports('color', 'light-dark(red, red)') ?? false;
	return !hasColours || !ArrayBuffer || !('resize' in ArrayBuffer.prototype);
}

/** Whether a problem keeps a browser from reading. */
export function isObstacle({ code }: Problem): boolean {
	return OBSTACLES.has(code);
}
