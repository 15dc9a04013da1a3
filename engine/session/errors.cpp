#include "engine/session/errors.h"

#include <c10/util/Exception.h>

#include <filesystem>
#include <new>

namespace kiln {
namespace {

Error out_of_memory(std::string detail) {
  return {ErrorCode::kOutOfMemory, "there is not enough memory for this", "lower the number of sprites, the batch or the width",
          std::move(detail)};
}

Error defect(std::string detail) {
  return {ErrorCode::kInternal, "something went wrong inside the engine", "the log has the details; please report it",
          std::move(detail)};
}

bool tells_of_memory(const std::string& text) {
  return text.find("out of memory") != std::string::npos || text.find("not enough memory") != std::string::npos ||
         text.find("can't allocate memory") != std::string::npos;
}

}  // namespace

Error current_error() {
  try {
    throw;
  } catch (const Failure& failure) {
    return failure.error();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    return tells_of_memory(text) ? out_of_memory(text) : defect(text);
  } catch (const std::bad_alloc& error) {
    return out_of_memory(error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return {ErrorCode::kUnreadable, "a file cannot be used: " + error.path1().string(),
            "check that it is there and that you may use it", error.what()};
  } catch (const std::exception& error) {
    return tells_of_memory(error.what()) ? out_of_memory(error.what()) : defect(error.what());
  } catch (...) {
    return defect("an unknown exception");
  }
}

}  // namespace kiln
