namespace Customer360.Rules.Identity;

/// <summary>
/// Customers and identifiers that are to come together, as <see cref="JoinCheck"/> asks about them. The customers have numbers
/// from 0; what the message carries has places, by priority, the anchor at 0.
/// </summary>
internal interface IJoining
{
    /// <summary>How many customers.</summary>
    int Customers { get; }

    /// <summary>How many identifiers the message carries; 0 where no message asks.</summary>
    int Carried { get; }

    /// <summary>How many different identifiers they would be together, the added ones included.</summary>
    int Together { get; }

    /// <summary>The regions of all of them; null where one of them may link regions.</summary>
    IReadOnlyCollection<string>? Regions { get; }

    /// <summary>The separations that the customers know of, rising by id.</summary>
    IReadOnlyList<int> Separations { get; }

    /// <summary>The identifier as a merge asks for it.</summary>
    MergeTie TieAt(int place);

    /// <summary>What the customer holds, as a merge asks for it.</summary>
    MergeSide SideOf(int customer);

    /// <summary>How many identifiers the customer holds.</summary>
    int CountOf(int customer);

    /// <summary>How many of a type it holds that were linked at that time or later.</summary>
    int CountOf(int customer, int type, DateTimeOffset since);

    /// <summary>How many different ones of a type they would be together: of those that are held, only what was linked since.</summary>
    int TogetherOf(int type, DateTimeOffset since);

    /// <summary>True where the customer is too large already.</summary>
    bool IsOversized(int customer);

    /// <summary>How many identifiers the customer may hold.</summary>
    int IdentifiersMaxOf(int customer);

    /// <summary>True where something of a side of the separation is among them.</summary>
    bool IsThere(int separation, SeparationSide side);

    /// <summary>True where the carried identifier is on a side of the separation, by itself or by what its owner holds.</summary>
    bool IsOn(int separation, SeparationSide side, int place);
}

/// <summary>The two sides of a separation.</summary>
internal enum SeparationSide
{
    One = 1,
    Other = 2,
}
