// The engine module's two exported symbols.

#include "api_stamp.h"
#include "engine/session/engine_session.h"

#define SPRITEKILN_EXPORT extern "C" __attribute__((visibility("default")))

SPRITEKILN_EXPORT const char* spritekiln_api_stamp() { return SPRITEKILN_API_STAMP; }

SPRITEKILN_EXPORT kiln::Engine* spritekiln_make_engine(const kiln::EngineOptions& options) {
  return new kiln::EngineSession(options);
}
