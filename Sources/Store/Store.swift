/// What is kept: accounts, keys, jobs, pictures.
public enum Store {}
