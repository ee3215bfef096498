/// Everything that is remembered, behind one protocol: rows in a database, and blobs beside it.
///
/// A method is one transaction: when it returns, what it wrote is there for every later call, and a process that is
/// killed in the middle of it leaves all or nothing. Methods that give a promise to somebody outside, such as `accept`,
/// return only when the promise would survive a loss of power.
///
/// A look-up for an account takes the owner, and what is another account's is not found. Nothing here decides who may do
/// what, or knows the time: callers say it.
public protocol DataStore:
    UserStore, SessionStore, KeyStore, UsageStore, JobStore, PictureStore, CollectionStore, MaintenanceStore
{
    var blobs: any BlobStore { get }
}
