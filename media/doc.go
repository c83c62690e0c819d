// Package media keeps what people upload: pictures, PDF and office files,
// recordings. It has two layers.
//
// A [Store] holds named bytes and knows nothing else. There are two, a folder
// ([Disk]) and a bucket of S3 or MinIO ([S3]); [Open] picks one by its address,
// and package mediatest is the contract both obey. What is in a store is written
// wholly or not at all.
//
// The [Library] knows what the bytes are. An [Object] (素材) is one uploaded
// file; its key is the SHA-256 of the bytes as stored, so the same file uploaded
// twice is one object, an address never changes its content, and readers may
// cache it for ever. A [Variant] is a smaller picture made from an object, once.
// In the store an object with key k is k/original, its variants k/w640.webp and
// so on; sha256sum of k/original is k. What the object is called, what it shows
// (Alt) and who brought it are rows in the database.
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
