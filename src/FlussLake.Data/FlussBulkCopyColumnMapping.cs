namespace FlussLake.Data;

/// <summary>Says which column of the table takes the values of a column of the source.</summary>
/// <param name="SourceColumn">The name of the source's column, field or property. Case counts only where names differ by nothing else.</param>
/// <param name="DestinationColumn">The name of the table's column, likewise.</param>
public sealed record FlussBulkCopyColumnMapping(string SourceColumn, string DestinationColumn);
