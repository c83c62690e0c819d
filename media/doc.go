// Package media keeps what people upload: pictures, PDF and office files,
// recordings. It has two layers.
//
// A [Store] holds named bytes and knows nothing else. There are two, a folder
// ([Disk]) and a bucket of S3 or MinIO ([S3]); [Open] picks one by its address,
// and package mediatest is the contract both obey. What is in a store is written
// wholly or not at all.
//
// The [Library] knows what the bytes are. An [Object] (素材) is one uploaded
// file; its key is the SHA-256 of the bytes as first stored, so the same file
// uploaded twice is one object. The key is its address and lasts; the bytes
// behind it (Content) may be replaced, and then the ETag is another one. A
// [Variant] is a smaller picture made from the bytes, once. In the store bytes
// with hash c are c/original, their variants c/w640.webp and so on; sha256sum of
// c/original is c. What an object is called, what it shows (Alt), its tags, its
// focal point, who in it agreed and who brought it are rows in the database.
//
// # What happens when
//
// An upload waits for what cannot wait: judging, cleaning, the smallest size. The
// others are made by [Library.Run] or by the first who asks; a row says that they
// are owed, so a crash loses nothing. What is taken back ([Library.Delete],
// [Library.Withdraw]) is gone with the transaction that says so: each node reads
// the journal before it serves from memory. Its bytes are on a list until the
// store has deleted them ([Library.Sweep]).
//
// Where an object is used ([Use]) is written by whoever writes the reference, in
// the same transaction: [Library.SetUses].
//
// Photographs of people who have not been asked have no address and no row:
// [Library.AddPrivate], [Library.Blur], and [Library.Stage] on their way out.
//
// # What the library refuses
//
// The type is judged by the content, never by the name. Only the types in
// types.go come in. Pictures lose their metadata (where and with what they were
// taken) before they are stored; nothing else in them changes. A picture whose
// header promises more pixels than the limit is refused before it is decoded.
// SVG is rewritten from an allow-list and refused when it holds a script or
// reaches out to another address.
//
// # Addresses
//
//	/media/{key}/{name}        the object, under a name for people
//	/media/{key}/w640.webp     a variant, 640 pixels wide; .jpg for old browsers
//
// [URL], [VariantURL] and [ParsePath] are the only places that know this form.
// They are relative to the root of the site; the site adds its base path.
package media
