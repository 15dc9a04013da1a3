#pragma once

#include <string_view>

namespace kiln {

// The program's log: warnings and worse to stderr (SPRITEKILN_LOG=debug|info|warn|error|off changes that), all from `info` up
// to `log.txt` in SPRITEKILN_HOME when `open_log_file` has been called. Safe from any thread.
void open_log_file(std::string_view path);

void log_debug(std::string_view text);
void log_info(std::string_view text);
void log_warn(std::string_view text);
void log_error(std::string_view text);

}  // namespace kiln
