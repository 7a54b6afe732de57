using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    private const int SetConfig = 0;
    private const int ResetConfig = 1;
    private const int LastPosition = 0;

    /// <summary>Adds columns at the end of a table. Rows written before have NULL there.</summary>
    /// <param name="path">The table.</param>
    /// <param name="columns">The columns, all nullable; their ids are the server's to give.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the table has the columns.</returns>
    /// <exception cref="FlussException">
    /// There is no such table (<see cref="FlussErrorCode.TableNotExist"/>), the server refuses a column, or the call failed; where the answer was lost, the message says so.
    /// </exception>
    public Task AddColumnsAsync(TablePath path, IReadOnlyList<FlussColumn> columns, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
        {
            throw new ArgumentException("There is no column to add.", nameof(columns));
        }

        AlterTableRequest request = new() { TablePath = Wire(path), IgnoreIfNotExists = false };
        foreach (FlussColumn column in columns)
        {
            PbAddColumn add = new()
            {
                ColumnName = column.Name,
                DataTypeJson = UnsafeByteOperations.UnsafeWrap(TableJson.Write(column.Type)),
                ColumnPositionType = LastPosition,
            };
            if (column.Comment is { } comment)
            {
                add.Comment = comment;
            }

            request.AddColumns.Add(add);
        }

        return ChangeAsync(ApiKey.AlterTable, request, AlterTableResponse.Parser, $"table {path}", repeatable: false, cancellationToken);
    }

    /// <summary>Sets and resets properties of a table.</summary>
    /// <param name="path">The table.</param>
    /// <param name="properties">The new value of each property, or null to reset it. Names that do not start with <c>table.</c> are free-form properties.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the table has the properties.</returns>
    /// <exception cref="FlussException">
    /// There is no such table (<see cref="FlussErrorCode.TableNotExist"/>), the server does not know a property or refuses its value or to change it, or the call failed.
    /// </exception>
    public Task SetPropertiesAsync(TablePath path, IReadOnlyDictionary<string, string?> properties, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (properties.Count == 0)
        {
            throw new ArgumentException("There is no property to set.", nameof(properties));
        }

        AlterTableRequest request = new() { TablePath = Wire(path), IgnoreIfNotExists = false };
        foreach ((string key, string? value) in properties)
        {
            PbAlterConfig change = new() { ConfigKey = key, OpType = value is null ? ResetConfig : SetConfig };
            if (value is not null)
            {
                change.ConfigValue = value;
            }

            request.ConfigChanges.Add(change);
        }

        return ChangeAsync(ApiKey.AlterTable, request, AlterTableResponse.Parser, $"table {path}", repeatable: true, cancellationToken);
    }
}
