/// Where published models are fetched from.
public enum Hub {}
