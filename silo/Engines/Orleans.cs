namespace Customer360.Silo;
