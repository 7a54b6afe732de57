namespace FlussLake.Data.BulkCopy;

/// <summary>Makes a column of the values' own type.</summary>
internal interface IColumnFactory
{
    SourceColumn Create<TValue>();
}
