/** An injected wallet that announced itself (EIP-6963). */
export interface WalletInfo {
  /** The announcement's uuid: stable while the page lives. */
  readonly id: string;
  readonly name: string;
  /** A data: URI; show it only in an <img>. */
  readonly icon: string;
  readonly rdns: string;
}

/** The key kept on this device. */
export interface DeviceKeyInfo {
  /** EIP-55. */
  readonly address: string;
  readonly createdAt: string;
  readonly hasWords: boolean;
  /** A passphrase is needed to use it. */
  readonly protected: boolean;
}

/** A key in the clear, while it is being made or imported. */
export interface RecoveryKey {
  readonly address: string;
  readonly privateKey: Uint8Array;
  /** Absent for an imported private key. */
  readonly words?: string;
}
