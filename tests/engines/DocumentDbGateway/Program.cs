using System.Globalization;
using CoolChat.DocumentDbGateway;

if (args is not [string port, string postgres])
{
    Console.Error.WriteLine("usage: DocumentDbGateway PORT POSTGRES-CONNECTION-STRING");
    return 2;
}

await using Gateway gateway = new(postgres, int.Parse(port, CultureInfo.InvariantCulture), TimeProvider.System);
await gateway.RunAsync();
return 0;
