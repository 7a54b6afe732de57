using System.Security.Cryptography;
using System.Text;

using FlussLake.Client;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Embedded.Rpc;

/// <summary>Who may connect. SASL/PLAIN: the token is authorization id, NUL, user, NUL, password; the authorization id is empty or the user.</summary>
internal sealed class Authentication(IReadOnlyDictionary<string, string> users)
{
    public bool IsRequired => users.Count > 0;

    /// <summary>Checks one token.</summary>
    /// <returns>The answer of an accepted connection: with SASL a challenge that is present and empty, otherwise none.</returns>
    /// <exception cref="FlussException">The mechanism, the user or the password is not accepted.</exception>
    public AuthenticateResponse Authenticate(AuthenticateRequest request)
    {
        if (!IsRequired)
        {
            return string.Equals(request.Protocol, "PLAINTEXT", StringComparison.OrdinalIgnoreCase)
                ? new AuthenticateResponse()
                : throw Refused($"this server has no users, so it takes PLAINTEXT and not {request.Protocol}");
        }

        if (!string.Equals(request.Protocol, "PLAIN", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused($"the mechanism {request.Protocol} is not known; PLAIN is");
        }

        string[] parts = request.Token.ToStringUtf8().Split('\0');
        if (parts.Length != 3 || parts[1].Length == 0 || parts[2].Length == 0 || (parts[0].Length > 0 && parts[0] != parts[1]))
        {
            throw Refused("the token is not an authorization id, a user and a password, separated by NUL");
        }

        // Both are compared to the end, so that the time taken tells nothing of the password.
        byte[] given = Encoding.UTF8.GetBytes(parts[2]);
        byte[] known = Encoding.UTF8.GetBytes(users.TryGetValue(parts[1], out string? password) ? password : "");
        return CryptographicOperations.FixedTimeEquals(given, known)
            ? new AuthenticateResponse { Challenge = ByteString.Empty }
            : throw Refused($"the user {parts[1]} or its password is wrong");
    }

    private static FlussException Refused(string why) => new($"Authentication failed: {why}.", FlussErrorCode.AuthenticationFailed);
}
