"""The ground floor: acts, database, errors, language, addresses and school time; knows no school and no child."""
