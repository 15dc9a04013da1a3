#include "engine/base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace kiln {
namespace {

spdlog::level::level_enum stderr_level() {
  const char* value = std::getenv("SPRITEKILN_LOG");
  const std::string_view name = value ? value : "";
  if (name == "debug") return spdlog::level::debug;
  if (name == "info") return spdlog::level::info;
  if (name == "error") return spdlog::level::err;
  if (name == "off") return spdlog::level::off;
  return spdlog::level::warn;
}

// Program and engine module each hold a copy of this file, so the logger stays out of spdlog's registry, which they may share.
class Log {
 public:
  Log() : sinks_(std::make_shared<spdlog::sinks::dist_sink_mt>()), logger_("spritekiln", sinks_) {
    auto terminal = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    terminal->set_pattern("%n: %l: %v");
    terminal->set_level(stderr_level());
    sinks_->add_sink(std::move(terminal));
    logger_.set_level(spdlog::level::debug);
    logger_.flush_on(spdlog::level::debug);
  }

  void open_file(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (!files_.insert(path).second) return;
    try {
      auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, /*truncate=*/false);
      file->set_pattern("%Y-%m-%d %H:%M:%S.%e [%t] %l: %v");
      file->set_level(std::min(stderr_level(), spdlog::level::info));
      sinks_->add_sink(std::move(file));
    } catch (const spdlog::spdlog_ex& failure) {
      write(spdlog::level::warn, std::string("no log file is kept: ") + failure.what());
    }
  }

  void write(spdlog::level::level_enum level, std::string_view text) {
    logger_.log(level, spdlog::string_view_t(text.data(), text.size()));
  }

 private:
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sinks_;
  spdlog::logger logger_;
  std::mutex mutex_;
  std::set<std::string> files_;
};

// Never destroyed: threads and static objects may log until the very end.
Log& log() {
  static Log* const instance = new Log;
  return *instance;
}

}  // namespace

void open_log_file(std::string_view path) { log().open_file(std::string(path)); }

void log_debug(std::string_view text) { log().write(spdlog::level::debug, text); }
void log_info(std::string_view text) { log().write(spdlog::level::info, text); }
void log_warn(std::string_view text) { log().write(spdlog::level::warn, text); }
void log_error(std::string_view text) { log().write(spdlog::level::err, text); }

}  // namespace kiln
