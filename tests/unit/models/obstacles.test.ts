import browsers from '@mdn/browser-compat-data' with { type: 'json' };
import { describe, expect, it, vi } from 'vitest';
import { OLDEST } from '../../../src/lib/base/oldest-browsers';
import { isObstacle, obstacleHere, remarksHere } from '../../../src/lib/models/obstacles';
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

describe('what makes reading slow or uncertain', () => {
	const CSS_NOW = { supports: () => true } as unknown as typeof CSS;
	const NOW = { ...WHOLE, ArrayBuffer, CSS: CSS_NOW, navigator: { deviceMemory: 4 } };
	const OldBuffer = vi.fn() as unknown as typeof ArrayBuffer;

	it('is nothing in a browser of today', () => {
		expect(remarksHere(NOW)).toEqual([]);
		// Firefox and Safari do not say how much memory there is.
		expect(remarksHere({ ...NOW, navigator: {} })).toEqual([]);
	});

	it.each([
		['browser-old', { ArrayBuffer: OldBuffer }],
		['browser-old', { CSS: { supports: () => false } as unknown as typeof CSS }],
		['browser-old', { CSS: undefined }],
		['no-simd', { WebAssembly: { ...WebAssembly, validate: () => false } }],
		['little-memory', { navigator: { deviceMemory: 1 } }]
	] as const)('%s is said', (code, without) => {
		const found = remarksHere({ ...NOW, ...without });
		expect(found).toEqual([problem(code)]);
		expect(found.some(isObstacle)).toBe(false);
	});

	it('an old browser is one before those that are promised, by what MDN knows of both features', () => {
		const features = [
			browsers.css.types.color['light-dark'],
			browsers.javascript.builtins.ArrayBuffer.resize
		];
		for (const [browser, oldest] of Object.entries(OLDEST)) {
			const added = features.map(({ __compat }) => {
				const statement = __compat?.support[browser as keyof typeof OLDEST];
				const [first] = [statement].flat();
				return Number(first?.version_added);
			});
			expect([browser, Math.max(...added)]).toEqual([browser, oldest]);
		}
	});
});
