using System.Collections.Frozen;
using CoolChat.Contracts;

namespace CoolChat.Processing.Decisions;

/// <summary>What a role may be needed for.</summary>
internal enum Right
{
    Write,
    React,
    MentionEveryone,
    Pin,
    DeleteOthers,
    ClosePolls,
    AddMembers,
    RemoveMembers,
    RemoveAdmins,
    ChangeRoles,
    ChangeSettings,
    ChangeLifetime,
    ManageInvites,
    Leave,
}

/// <summary>The one table of who may do what; <c>docs/protocol.md</c> shows the same (a test compares them).</summary>
internal static class Rights
{
    private static readonly FrozenDictionary<(string Kind, string Role), FrozenSet<Right>> Table = Build();

    /// <summary>Whether <paramref name="role"/> in a conversation of <paramref name="kind"/> has the right.</summary>
    public static bool Has(string kind, string role, Right right) => Table[(kind, role)].Contains(right);

    /// <summary>Every kind, role and right, for the documentation.</summary>
    public static IEnumerable<(string Kind, string Role, FrozenSet<Right> Rights)> All => Table.Select(entry => (entry.Key.Kind, entry.Key.Role, entry.Value));

    private static FrozenDictionary<(string, string), FrozenSet<Right>> Build()
    {
        Right[] member = [Right.Write, Right.React, Right.Leave];
        Right[] admin =
        [
            .. member, Right.MentionEveryone, Right.Pin, Right.DeleteOthers, Right.ClosePolls, Right.AddMembers, Right.RemoveMembers,
            Right.ChangeSettings, Right.ChangeLifetime, Right.ManageInvites,
        ];
        Right[] owner = [.. admin, Right.RemoveAdmins, Right.ChangeRoles];
        Right[] direct = [Right.Write, Right.React, Right.Pin, Right.ChangeLifetime];
        Dictionary<(string, string), FrozenSet<Right>> table = new() { [(ConversationKinds.Direct, Roles.Member)] = direct.ToFrozenSet() };
        foreach (string kind in new[] { ConversationKinds.Group, ConversationKinds.Channel })
        {
            table[(kind, Roles.Member)] = member.ToFrozenSet();
            table[(kind, Roles.Admin)] = admin.ToFrozenSet();
            table[(kind, Roles.Owner)] = owner.ToFrozenSet();
        }
        return table.ToFrozenDictionary();
    }
}
