#include "engine/formats/class_folder_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/lower_case.h"
#include "engine/base/sha256.h"
#include "engine/base/text.h"
#include "engine/formats/image_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr const char* kList = ".spritekiln-files";
constexpr std::size_t kLongestName = 200;  // bytes; file systems take 255 with the ending

[[noreturn]] void refuse(const fs::path& path, int error) {
  if (error == ENOSPC || error == EDQUOT)
    throw Failure(ErrorCode::kDiskFull, "the disk is full: “" + path.string() + "” cannot be written",
                  "make room, or choose another folder");
  throw Failure(ErrorCode::kUnwritable, "“" + path.string() + "” cannot be written: " + std::strerror(error),
                "choose another folder, or check its permissions");
}

[[noreturn]] void refuse_full_folder(const fs::path& out, const std::string& foreign) {
  throw Failure(ErrorCode::kUnwritable, "“" + out.string() + "” is not empty: it holds “" + foreign + "”",
                "choose a new or an empty folder");
}

// What the list in `folder` names, by file.
std::map<std::string, std::string> listed_files(const fs::path& folder) {
  std::map<std::string, std::string> sums;
  std::istringstream lines(read_text(folder / kList));
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 66) sums[line.substr(66)] = line.substr(0, 64);
  }
  return sums;
}

// Throws unless nothing of anybody else's is lost when `out` is replaced.
void check_replaceable(const fs::path& out) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(out, error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status)) refuse(out, ENOTDIR);
  fs::recursive_directory_iterator at(out, error), end;
  if (error) refuse(out, error.value());
  if (at == end) return;
  if (!fs::exists(out / kList)) refuse_full_folder(out, at->path().lexically_relative(out).generic_string());
  const auto listed = listed_files(out);
  for (; at != end; at.increment(error)) {
    if (error) refuse(out, error.value());
    const std::string file = at->path().lexically_relative(out).generic_string();
    if (file == kList || (at->is_directory() && !at->is_symlink())) continue;
    const auto known = listed.find(file);
    if (known == listed.end() || !at->is_regular_file() || sha256_hex(read_file(at->path())) != known->second)
      refuse_full_folder(out, file);
  }
}

// What was written reaches the disk before the folder takes its name: one call for all files.
void sync_all(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) refuse(folder, errno);
  const int error = ::syncfs(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) refuse(folder, error);
}

void write_plainly(const fs::path& path, const void* data, std::size_t size) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
  file.close();
  if (!file) refuse(path, errno == 0 ? EIO : errno);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) refuse(folder, error.value());
}

fs::path hidden_beside(const fs::path& out, const char* what) {
  return out.parent_path() / ("." + out.filename().string() + "." + what + "-" + std::to_string(::getpid()));
}

}  // namespace

std::string as_file_name(std::string_view name) {
  std::string clean(name.substr(0, kLongestName));
  while (!clean.empty() && name.size() > kLongestName && !is_valid_utf8(clean)) clean.pop_back();  // cut within a character
  if (clean.empty()) clean = name.substr(0, kLongestName);
  const bool text = is_valid_utf8(clean);
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 32 || byte == 127 || c == '/' || c == '\\' || (!text && byte >= 128)) c = '_';
  }
  if (clean.empty()) return "_";
  if (clean.front() == '.') clean.front() = '_';
  return clean;
}

ClassFolderWriter::ClassFolderWriter(const fs::path& out) : out_(fs::absolute(out).lexically_normal()) {
  if (!out_.has_filename()) out_ = out_.parent_path();  // "sprites/"
  if (!out_.has_filename()) refuse(out, EISDIR);
  check_replaceable(out_);
  make_folder(out_.parent_path());
  const fs::path temporary = hidden_beside(out_, "new");
  std::error_code error;
  fs::remove_all(temporary, error);  // of a process that was killed and had this number
  make_folder(temporary);
  temporary_ = temporary;
}

ClassFolderWriter::~ClassFolderWriter() {
  std::error_code error;
  if (!temporary_.empty()) fs::remove_all(temporary_, error);
}

const std::string& ClassFolderWriter::folder_of(std::string_view class_name) {
  const auto known = folders_.find(class_name);
  if (known != folders_.end()) return known->second;
  const std::string plain = as_file_name(class_name);
  std::string folder = plain;
  const auto taken = [&] {
    return std::any_of(folders_.begin(), folders_.end(),
                       [&](const auto& other) { return lower_case(other.second) == lower_case(folder); });
  };
  for (int i = 2; taken(); ++i) folder = plain + "-" + std::to_string(i);
  return folders_.emplace(class_name, folder).first->second;
}

std::string ClassFolderWriter::add(std::string_view class_name, std::string_view name, const Image& image, std::string_view part) {
  const std::string folder = (part.empty() ? "" : as_file_name(part) + "/") + folder_of(class_name), stem = as_file_name(name);
  const std::string start = folder + "/" + stem;
  std::string file = start + ".png";
  for (int i = 2; !files_.insert(lower_case(file)).second; ++i) (file = start).append("-").append(std::to_string(i)).append(".png");
  const Bytes bytes = encode_png(image);
  make_folder(temporary_ / folder);
  write_plainly(temporary_ / file, bytes.data(), bytes.size());
  sums_[file] = sha256_hex(bytes);
  return file;
}

void ClassFolderWriter::add_text(std::string_view name, std::string_view text) {
  const std::string file = as_file_name(name);
  files_.insert(lower_case(file));
  write_plainly(temporary_ / file, text.data(), text.size());
  sums_[file] = sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void ClassFolderWriter::finish() {
  std::string list;
  for (const auto& [file, sum] : sums_) list.append(sum).append("  ").append(file).append("\n");
  write_plainly(temporary_ / kList, list.data(), list.size());
  sync_all(temporary_);
  check_replaceable(out_);
  const fs::path old = hidden_beside(out_, "old");
  std::error_code error;
  const bool replaces = fs::exists(out_, error);
  if (replaces && ::rename(out_.c_str(), old.c_str()) != 0) refuse(out_, errno);
  if (::rename(temporary_.c_str(), out_.c_str()) != 0) {
    const int why = errno;
    if (replaces) fs::rename(old, out_, error);
    refuse(out_, why);
  }
  temporary_.clear();
  if (replaces) fs::remove_all(old, error);
  sync_all(out_.parent_path());
}

}  // namespace kiln
