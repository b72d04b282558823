/** A camera of the device: asked for when a person wants it, let go of when they are done. */

/** Why there is no picture: not allowed, no camera, or one that does not answer. */
type CameraTrouble = 'refused' | 'none' | 'busy';

/** The most that cameras give; the browser takes what comes nearest. */
const WIDEST = 3840;
const HIGHEST = 2160;

/** Whether the browser gives a page the picture of a camera. */
export const hasLiveCamera = (): boolean =>
	typeof globalThis.navigator?.mediaDevices === 'object' &&
	'getUserMedia' in navigator.mediaDevices;

export class Camera {
	#stream: MediaStream | null = $state.raw(null);
	#trouble: CameraTrouble | null = $state(null);
	#devices: readonly MediaDeviceInfo[] = $state.raw([]);
	/** Which request is the last one: what an earlier one brings is let go of. */
	#turn = 0;

	/** What the camera sees; null until it answers. */
	get stream(): MediaStream | null {
		return this.#stream;
	}

	get trouble(): CameraTrouble | null {
		return this.#trouble;
	}

	/** The cameras of the device; the browser names them once one was allowed. */
	get devices(): readonly MediaDeviceInfo[] {
		return this.#devices;
	}

	/** The camera that is open. */
	get deviceId(): string | null {
		return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
	}

	/** Ask for a camera: this one, or (null) one that looks away from the person. */
	async open(deviceId: string | null): Promise<void> {
		this.close();
		const turn = this.#turn;
		try {
			const stream = await navigator.mediaDevices.getUserMedia({
				audio: false,
				video: {
					width: { ideal: WIDEST },
					height: { ideal: HIGHEST },
					...(deviceId
						? { deviceId: { exact: deviceId } }
						: { facingMode: { ideal: 'environment' } })
				}
			});
			if (turn !== this.#turn) {
				letGo(stream);
				return;
			}
			this.#stream = stream;
			const devices = await navigator.mediaDevices.enumerateDevices();
			this.#devices = devices.filter(({ kind }) => kind === 'videoinput');
		} catch (error) {
			if (turn === this.#turn) this.#trouble = troubleOf(error);
		}
	}

	/** Let go of the camera: its light goes out. */
	close(): void {
		this.#turn++;
		if (this.#stream) letGo(this.#stream);
		this.#stream = this.#trouble = null;
	}
}

function letGo(stream: MediaStream): void {
	for (const track of stream.getTracks()) track.stop();
}

/** https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
function troubleOf(error: unknown): CameraTrouble {
	const name = error instanceof DOMException ? error.name : '';
	if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
	return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy';
}
