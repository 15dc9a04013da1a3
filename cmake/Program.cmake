if(SPRITEKILN_APP)
  include(App)
endif()
