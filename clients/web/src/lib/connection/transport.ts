import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

/** A connection to the hub that can be used once: started, closed, thrown away. */
export interface HubTransport {
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  on(method: string, handler: (value: never) => void): void;
  onClose(handler: () => void): void;
}

export type TransportFactory = (token: () => Promise<string>) => HubTransport;

/** SignalR over WebSockets without negotiation, JSON. It never reconnects by itself: connection.ts decides when. */
export function signalRTransport(url: string): TransportFactory {
  return token => {
    const hub = new HubConnectionBuilder()
      .withUrl(url, { transport: HttpTransportType.WebSockets, skipNegotiation: true, accessTokenFactory: token })
      .configureLogging(LogLevel.None)
      .build();
    return {
      start: () => hub.start(),
      stop: () => hub.stop(),
      invoke: <T>(method: string, ...args: readonly unknown[]) => hub.invoke<T>(method, ...args),
      on: (method, handler) => hub.on(method, handler),
      onClose: handler => hub.onclose(() => handler()),
    };
  };
}
