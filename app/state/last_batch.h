#pragma once

#include <filesystem>
#include <optional>

#include "app/state/generated_batch.h"
#include "engine/base/file.h"

namespace kiln {

// The batch that is shown again at the next start: finished sprites with their recipes, without their fades, as CBOR (RFC 8949).
Bytes last_batch_bytes(const GeneratedBatch& batch);

// Throws Failure(kCorrupt) for anything but what last_batch_bytes gives.
GeneratedBatch read_last_batch(const Bytes& bytes);

// None if there is no file, or one that cannot be read: then the log says why.
std::optional<GeneratedBatch> load_last_batch(const std::filesystem::path& file);

}  // namespace kiln
