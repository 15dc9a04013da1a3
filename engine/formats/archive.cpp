#include "engine/formats/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <system_error>

#include "engine/base/error.h"

namespace kiln {

struct ArchiveReader::Handles {
  archive* reader = archive_read_new();
  archive_entry* entry = nullptr;
  ~Handles() { archive_read_free(reader); }
};

ArchiveReader::ArchiveReader(const std::filesystem::path& path)
    : name_(path.filename().string()), handles_(std::make_unique<Handles>()) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw Failure(ErrorCode::kNotFound, "there is no archive “" + path.string() + "”", "check the path", error.message());
  bytes_ = static_cast<std::int64_t>(size);
  archive* reader = handles_->reader;
  archive_read_support_filter_all(reader);
  archive_read_support_format_tar(reader);
  constexpr std::size_t kBlock = 64 << 10;
  if (archive_read_open_filename(reader, path.c_str(), kBlock) != ARCHIVE_OK) refuse();
}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::refuse() const {
  const char* why = archive_error_string(handles_->reader);
  throw Failure(ErrorCode::kCorrupt, "the archive “" + name_ + "” is damaged or cut off", "get it again", why ? why : "");
}

std::optional<std::string> ArchiveReader::next() {
  const int result = archive_read_next_header(handles_->reader, &handles_->entry);
  if (result == ARCHIVE_EOF) return std::nullopt;
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) refuse();
  const char* name = archive_entry_pathname(handles_->entry);
  return name ? std::string(name) : std::string();
}

Bytes ArchiveReader::read(std::size_t max_bytes) {
  if (archive_entry_filetype(handles_->entry) != AE_IFREG) return {};
  const auto size = archive_entry_size(handles_->entry);
  if (size < 0 || static_cast<std::size_t>(size) > max_bytes)
    throw Failure(ErrorCode::kUnsupported, "a file in the archive “" + name_ + "” is too large",
                  "get the archive from where it is meant to come from");
  Bytes bytes(static_cast<std::size_t>(size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = archive_read_data(handles_->reader, bytes.data() + done, bytes.size() - done);
    if (got <= 0) refuse();
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::int64_t ArchiveReader::bytes_read() const { return archive_filter_bytes(handles_->reader, -1); }

}  // namespace kiln
