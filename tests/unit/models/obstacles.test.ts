import { expect, it, vi } from 'vitest';
import { isObstacle, obstacleHere } from '../../../src/lib/models/obstacles';
import { problem } from '../../../src/lib/problems/problems';

const WHOLE = { WebAssembly, Worker: vi.fn() as unknown as typeof Worker, isSecureContext: true };

it('nothing keeps a browser that has all from reading', () => {
	expect(obstacleHere(WHOLE)).toBeNull();
});

it.each([
	['no-webassembly', { WebAssembly: undefined }],
	['no-workers', { Worker: undefined }],
	['not-secure', { isSecureContext: false }]
] as const)('%s is said', (code, without) => {
	const found = obstacleHere({ ...WHOLE, ...without });
	expect(found).toEqual(problem(code));
	expect(found && isObstacle(found)).toBe(true);
});

it('a lost network is no obstacle for good', () => {
	expect(isObstacle(problem('model-offline', { host: 'example.org' }))).toBe(false);
});
