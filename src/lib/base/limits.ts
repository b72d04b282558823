/** Every bound of the program in one place; units in the names. */

/** More pixels than this are refused before they are decoded (16-bit and bombs included). */
export const MAX_IMAGE_PIXELS = 64_000_000;
/** A side longer than this cannot be drawn by every browser. */
export const MAX_IMAGE_SIDE = 16_384;
/** A larger file is no single image that this program reads. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** Files up to this size are read before it is known what they are. */
export const READ_WHOLE_BYTES = 2 * 1024 * 1024;
/** JPEGs that the codec in WebAssembly reads, whose memory never shrinks again; others the browser. */
export const MAX_CODEC_PIXELS = 16_000_000;
export const MAX_CODEC_BYTES = 16 * 1024 * 1024;
/** A file of an archive that unpacks to more than this many times its packed size is refused. */
export const MAX_ARCHIVE_RATIO = 200;
/** Up to this size the ratio is not asked: a black picture packs to next to nothing. */
export const RATIO_FREE_BYTES = 32 * 1024 * 1024;
/** Files taken in one session; a list of more would itself fill the memory. */
export const MAX_FILES = 100_000;
/** Files of one share that are kept until they are read; more come as a folder. */
export const MAX_SHARED_FILES = 500;
/** The same in bytes: the browser holds a share in memory before it is on the disk. */
export const MAX_SHARED_BYTES = 1024 ** 3;
/** Folders below folders. */
export const MAX_FOLDER_DEPTH = 32;

/** Longest side of a stored thumbnail, pixels. */
export const THUMBNAIL_SIDE = 96;

/** Longest side of a picture that is made for the viewer, pixels: 67 MB when it is drawn. */
export const PICTURE_SIDE = 4096;
/** Longest side of a picture on paper, pixels: 200 a 25 mm at half a page's width. */
export const PRINT_SIDE = 1000;
/** Images that one print takes: two hundred pages are what a printer's tray holds. */
export const MAX_PRINTED = 200;
/** Largest zoom, CSS pixels a picture pixel; a picture that fits only larger may be. */
export const MAX_ZOOM = 16;
/** What a person writes about one image. */
export const MAX_NOTE_CHARS = 1000;
export const MAX_REASON_CHARS = 200;
export const MAX_INITIALS_CHARS = 12;
/** A name or number of a patient, and the form of a file name that tells them. */
export const MAX_PATIENT_CHARS = 200;
export const MAX_EXAMPLE_CHARS = 300;

/** The name that a person gives to a slide. */
export const MAX_SLIDE_NAME_CHARS = 80;

/** No answer for so long means that the worker hangs. */
export const DECODE_TIMEOUT_MS = 60_000;
/** So long after the last question the worker that opens PDFs ends: it holds one whole. */
export const PDF_IDLE_MS = 15_000;
export const READ_TIMEOUT_MS = 60_000;
/** An adapter that has not answered by then is treated as absent (some drivers hang). */
export const PROBE_TIMEOUT_MS = 8_000;
/** Loading, compiling and checking a model on one backend. */
export const OPEN_TIMEOUT_MS = 90_000;
/** The same where the user insists on a backend, which may be a slow software adapter. */
export const FORCED_OPEN_TIMEOUT_MS = 300_000;

/** An image that was in a lane when it died is tried this often before it is named. */
export const MAX_ATTEMPTS = 2;
/** Lanes that die in a row, without an image read in between, before reading is given up. */
export const MAX_DEATHS_IN_A_ROW = 8;
/** Images that one GPU batch holds. */
export const GPU_BATCH = 8;
/** While one is computed and read back the next is uploaded; more would only hold memory. */
export const GPU_BATCHES_IN_FLIGHT = 2;
/**
 * Memory of one lane on the processor, MB: TensorFlow.js widens the weights to float32, the
 * int8 engine packs them into at most so much (docs/engine.md).
 */
export const LANE_MEGABYTES = { wasm: 300, int8: 80 } as const;
export const MAX_LANES = 8;
/** Cells of one field of a smear: a picture with more is no field, or noise. */
export const MAX_FIELD_CELLS = 3000;
/** Workers that decode, each of which holds one image at full size. */
export const MAX_DECODERS = 4;
/** Model inputs that wait for a lane, some ten kB each: no lane waits while a large film is decoded. */
export const MAX_READY = 8;
/**
 * Lanes that a memory with shared weights has room for. The part of a lane that died is not
 * given to another, since its worker may write a moment longer: so more than run at a time.
 */
export const SHARED_LANES = 2 * MAX_LANES;

/** Largest difference between a backend's logits and the reference (docs/architecture.md). */
export const ADMISSION_TOLERANCE = { full: 0.05, half: 0.2, integer: 0.1 } as const;
/**
 * The same for distances, relative to the reference. With every layer of the shipped network
 * rounded to 16-bit floats, Mahalanobis distances in 16 to 64 components of its features were
 * off by up to 0.025, squared ones by up to 0.05.
 */
export const DISTANCE_TOLERANCE = { full: 0.02, half: 0.1, integer: 0.1 } as const;

/** Tries a shard of a model before the download pauses with a message. */
export const DOWNLOAD_TRIES = 3;
/** So long after the network was lost a download tries again, whatever the browser says of it. */
export const DOWNLOAD_AGAIN_MS = 30_000;
/** A download that brings no byte for so long is tried again. */
export const DOWNLOAD_STALL_MS = 30_000;

/** A write that is not through by then is taken as failed: the list goes on in memory. */
export const KEEP_TIMEOUT_MS = 20_000;
/** Results that come within so long of a write are written together: the page shows them as often. */
export const KEEP_PAUSE_MS = 200;
/** After a write failed it is tried again this much later. */
export const KEEP_RETRY_MS = 30_000;
/** Files without a result that one write takes, so that results do not wait behind them. */
export const KEEP_GROUP = 1000;
/** Kept rows that are read at a time. */
export const OPEN_GROUP = 500;
/** For so long a deleted session can be brought back. */
export const UNDO_MS = 15_000;

/** Characters of a passphrase: shorter ones are found by trying. */
export const MIN_PASSPHRASE = 8;
/** Sealed sessions are locked when the user did nothing for so long, until chosen otherwise. */
export const IDLE_MINUTES = 15;

/** The longest line of a backup that is read, characters: a manifest takes most. */
export const MAX_BACKUP_LINE = 2_000_000;
/** A larger backup is not opened, bytes: 100,000 images take half of it. */
export const MAX_BACKUP_BYTES = 2 * 1024 ** 3;
/** Sessions that one backup may hold. */
export const MAX_BACKUP_SESSIONS = 10_000;
/** Largest stored thumbnail, bytes; the program's own take a tenth of it. */
export const MAX_THUMBNAIL_BYTES = 65_536;

/** Images with a final word from which on a local study shows figures. */
export const MIN_STUDY_IMAGES = 30;
/** Of each class, from which on a local study proposes a threshold. */
export const MIN_STUDY_CLASS = 10;
/** Drawing patients again is too sure of itself with fewer than this. */
export const FEW_STUDY_PATIENTS = 20;
/** A larger table is no list of labels. */
export const MAX_LABELS_BYTES = 32 * 1024 * 1024;
/** A larger file is no local operating point. */
export const MAX_POINT_BYTES = 64 * 1024;
/** The figures of 30,000 images take a minute or two; a list of labels is rarely so long. */
export const STUDY_TIMEOUT_MS = 300_000;
