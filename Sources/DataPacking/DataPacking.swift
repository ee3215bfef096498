// DataPacking
